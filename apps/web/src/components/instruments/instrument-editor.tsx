"use client";

import { ArrowLeft, ExternalLink, Globe, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "../../lib/toasts";
import { Button, buttonClass } from "../ui/button";
import { Failure, FailureNote } from "../ui/failure";
import { ActionText, Page } from "../ui/page";
import { PageLink } from "../ui/page-link";
import { Bone, Loading } from "../ui/skeleton";
import { DeleteInstrumentDialog } from "./delete-instrument-dialog";
import { DetailsForm } from "./details-form";
import { DocumentsEditor } from "./documents-editor";
import { MediaOrder } from "./media-order";
import { PublishedLabel } from "./published-label";
import { useInstrument } from "./use-instrument";

export function InstrumentEditor({ instrumentId }: { instrumentId: string }) {
  const acts = useInstrument(instrumentId);
  const { query, publish } = acts;
  const [deleting, setDeleting] = useState(false);
  const instrument = query.data;
  if (!instrument) {
    return (
      <Page title="Instrument">
        {query.isError ? (
          <Failure
            error={query.error}
            retry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        ) : (
          <Loading label="Loading the instrument">
            <Bone className="h-40" />
            <Bone className="mt-6 h-64" />
          </Loading>
        )}
      </Page>
    );
  }
  const published = instrument.publishedAt !== null;
  return (
    <Page
      title={instrument.name}
      sub={
        <span className="flex flex-wrap items-center gap-x-4">
          <PageLink
            href="/instruments"
            className="inline-flex items-center gap-1.5 hover:underline"
          >
            <ArrowLeft className="lucide size-4" aria-hidden="true" />
            All instruments
          </PageLink>
          <PublishedLabel publishedAt={instrument.publishedAt} />
        </span>
      }
      actions={
        <>
          <a href={instrument.publicUrl} target="_blank" rel="noreferrer" className={buttonClass()}>
            <ExternalLink />
            <ActionText>{published ? "See its page" : "Preview"}</ActionText>
          </a>
          <Button
            variant={published ? "default" : "primary"}
            disabled={publish.isPending}
            onClick={() =>
              publish.mutate(
                { instrumentId, published: !published },
                {
                  onSuccess: ({ publishedAt }) =>
                    toast(publishedAt ? "Published" : "Only you see it now"),
                },
              )
            }
          >
            <Globe />
            <ActionText>{published ? "Unpublish" : "Publish"}</ActionText>
          </Button>
        </>
      }
    >
      {publish.error && <FailureNote error={publish.error} />}
      <MediaOrder instrument={instrument} acts={acts} />
      <div className="mt-9 grid gap-x-12 gap-y-9 lg:grid-cols-[minmax(0,1fr)_340px]">
        <DetailsForm key={instrumentId} instrument={instrument} acts={acts} />
        <div>
          <DocumentsEditor instrument={instrument} acts={acts} />
          <div className="mt-9 border-t pt-4">
            <Button variant="danger" onClick={() => setDeleting(true)}>
              <Trash2 />
              Delete this instrument…
            </Button>
            <p className="mt-2 text-muted-foreground text-xs">
              Its photos and clips stay under Media.
            </p>
          </div>
        </div>
      </div>
      <DeleteInstrumentDialog instrument={instrument} open={deleting} onOpenChange={setDeleting} />
    </Page>
  );
}
