import type { Metadata } from "next";
import { AuditPage } from "../../../../components/audit/audit-page";
import { FirstAnswers } from "../../../../first-answers";
import { byCursor, listInputs } from "../../../../lib/list-inputs";

export const metadata: Metadata = { title: "Audit" };

export default function Page() {
  return (
    <FirstAnswers
      ask={(queries, trpc, { role }) => [
        ...(role === "admin"
          ? [
              queries.prefetchInfiniteQuery(
                trpc.audit.list.infiniteQueryOptions(listInputs.audit, byCursor),
              ),
            ]
          : []),
      ]}
    >
      <AuditPage />
    </FirstAnswers>
  );
}
