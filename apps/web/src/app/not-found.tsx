import { NotFoundPage } from "../components/public/not-found-page";
import { Button } from "../components/ui/button";
import { PageLink } from "../components/ui/page-link";

export default function NotFound() {
  return (
    <NotFoundPage
      title="Nothing is held here"
      action={
        <Button asChild variant="primary">
          <PageLink href="/">Go to Fermata</PageLink>
        </Button>
      }
    >
      The address is wrong, or what was here is gone.
    </NotFoundPage>
  );
}
