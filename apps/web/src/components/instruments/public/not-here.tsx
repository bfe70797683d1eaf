import { PlainPage } from "../../public/plain-page";

/** For a buyer, who has no console to go back to. */
export function NotHere() {
  return (
    <PlainPage title="This page is not here">
      The address is wrong, or the instrument is offered no more. Whoever sent you the link knows
      which.
    </PlainPage>
  );
}
