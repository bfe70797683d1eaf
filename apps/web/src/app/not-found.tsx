import Link from "next/link";
import { NotFoundPage } from "../components/public/not-found-page";
import { Button } from "../components/ui/button";

export default function NotFound() {
  return (
    <NotFoundPage
      title="Nothing is held here"
      action={
        <Button asChild variant="primary">
          <Link href="/">Go to Fermata</Link>
        </Button>
      }
    >
      The address is wrong, or what was here is gone.
    </NotFoundPage>
  );
}
