"use client";

import { PlainPage } from "../components/public/plain-page";
import { buttonClass } from "../components/ui/button";

/** What a page of ours threw while it was drawn. It comes with every page, so it brings nothing along. */
export default function PageError() {
  return (
    <PlainPage
      title="This page failed"
      action={
        <button
          type="button"
          className={buttonClass({ variant: "primary" })}
          onClick={() => window.location.reload()}
        >
          Load it again
        </button>
      }
    >
      What is stored is safe. Where it fails again, the server’s log or the browser’s console says
      why.
    </PlainPage>
  );
}
