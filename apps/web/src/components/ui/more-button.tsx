import { describeFailure } from "../../lib/describe-failure";
import { Button } from "./button";

interface MoreButtonProps {
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage(): unknown;
  };
}

/** The next page of a list, when there is one. */
export function MoreButton({ list }: MoreButtonProps) {
  if (!list.hasNextPage) return null;
  return (
    <div className="flex flex-wrap items-center justify-center gap-3 pt-5">
      {list.isFetchNextPageError && (
        <span role="alert" className="text-destructive text-sm">
          {describeFailure(list.error).title}.
        </span>
      )}
      <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
        {list.isFetchingNextPage ? "Loading…" : "Load more"}
      </Button>
    </div>
  );
}
