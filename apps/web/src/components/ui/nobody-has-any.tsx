import { EmptyState } from "./empty-state";
import { Sign } from "./sign";

/** To an app's operator. */
export function NobodyHasAny({ what }: { what: string }) {
  return (
    <EmptyState
      icon={<Sign className="h-[39px] w-[52px] text-border-strong" />}
      title={`This app has no ${what} yet`}
    >
      What its users store appears here.
    </EmptyState>
  );
}
