import Link from "next/link";
import { Button } from "../components/ui/button";
import { EmptyState } from "../components/ui/empty-state";
import { Sign } from "../components/ui/sign";

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <EmptyState
        className="w-full max-w-[460px]"
        icon={<Sign className="h-[39px] w-[52px] text-border-strong" />}
        title="Nothing is held here"
        action={
          <Button asChild variant="primary">
            <Link href="/">Go to the overview</Link>
          </Button>
        }
      >
        The address is wrong, or what was here is gone.
      </EmptyState>
    </main>
  );
}
