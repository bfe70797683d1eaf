"use client";

import { FermataError, toFermataError } from "@fermata/api";
import { useTRPC, useUploadFile } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { cn } from "../../lib/cn";
import { shrinkPicture } from "../../lib/shrink-picture";
import { toast } from "../../lib/toasts";
import { useMe } from "../shell/me";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";
import { ProgressBar } from "../ui/progress-bar";

/** The avatar: choose or drop a picture, see it, keep it. It is uploaded first and then attached to the user. */
export function AvatarField() {
  const me = useMe();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const upload = useUploadFile();
  const input = useRef<HTMLInputElement>(null);
  const [preview, setPreview] = useState<string | null>(null);
  const [over, setOver] = useState(false);

  useEffect(() => (preview ? () => URL.revokeObjectURL(preview) : undefined), [preview]);

  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries(trpc.auth.me.pathFilter()),
      queryClient.invalidateQueries(trpc.files.pathFilter()),
      queryClient.invalidateQueries(trpc.overview.pathFilter()),
    ]);
  const attach = useMutation(trpc.profile.setAvatar.mutationOptions());
  const discard = useMutation(trpc.files.delete.mutationOptions());
  const change = useMutation({
    mutationFn: async (picture: File) => {
      refuseOtherThanPicture(picture);
      setPreview(URL.createObjectURL(picture));
      const { storageId } = await upload.upload(await shrinkPicture(picture));
      try {
        await attach.mutateAsync({ storageId });
      } catch (refusal) {
        // Any other failure leaves open whether the server took it. Should the deletion fail, too, the file stands among the others.
        if (toFermataError(refusal).code === "UNSUPPORTED_MEDIA_TYPE")
          await Promise.allSettled([discard.mutateAsync({ storageId })]);
        throw refusal;
      }
      await refresh();
    },
    onSuccess: () => toast("Your avatar is changed"),
    onSettled: () => setPreview(null),
  });
  const remove = useMutation({
    mutationFn: async () => {
      await attach.mutateAsync({ storageId: null });
      await refresh();
    },
    onSuccess: () => toast("Your avatar is removed"),
  });

  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [picture] = event.dataTransfer.files;
    if (picture) change.mutate(picture);
  };
  const busy = change.isPending || remove.isPending;
  const error = change.error ?? remove.error;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same.
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
      className={cn(
        "rounded-md border border-border-strong border-dashed bg-card p-4",
        over && "border-primary bg-accent",
      )}
    >
      <div className="flex items-center gap-4">
        <Avatar
          name={me.name ?? me.email}
          url={preview ?? me.avatarUrl}
          className={cn("size-16 text-xl", preview && "opacity-60")}
        />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => input.current?.click()} disabled={busy}>
              <Upload />
              {me.avatarUrl ? "Change the avatar" : "Choose an avatar"}
            </Button>
            {me.avatarUrl && (
              <Button variant="quiet" onClick={() => remove.mutate()} disabled={busy}>
                Remove
              </Button>
            )}
          </div>
          <p className="mt-1.5 text-muted-foreground text-xs">
            Or drop a picture here: PNG, JPEG or WebP. Large ones are made smaller first.
          </p>
        </div>
      </div>
      {upload.status === "uploading" && (
        <ProgressBar className="mt-3" label="Uploading the avatar" value={upload.progress ?? 0} />
      )}
      {error && <FailureNote error={error} />}
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/gif,image/avif"
        hidden
        data-testid="avatar-input"
        onChange={(event) => {
          const picture = event.target.files?.[0];
          event.target.value = "";
          if (picture) change.mutate(picture);
        }}
      />
    </div>
  );
}

/** Before a byte is sent. What says nothing of its type is sent: the server looks at its bytes. */
function refuseOtherThanPicture({ type }: File): void {
  if (type === "" || type.startsWith("image/")) return;
  throw new FermataError(
    "UNSUPPORTED_MEDIA_TYPE",
    "An avatar is a picture: PNG, JPEG or WebP. Nothing was stored.",
  );
}
