import { PlainPage } from "../components/public/plain-page";
import { buttonClass } from "../components/ui/button";

export default function NotFound() {
  return (
    <PlainPage
      title="Nothing is held here"
      action={
        <a href="/" className={buttonClass({ variant: "primary" })}>
          Go to Fermata
        </a>
      }
    >
      The address is wrong, or what was here is gone.
    </PlainPage>
  );
}
