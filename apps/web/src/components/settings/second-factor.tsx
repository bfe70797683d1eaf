"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck, ShieldOff } from "lucide-react";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { sentenceDay } from "../../lib/dates";
import { plural } from "../../lib/format";
import { toast } from "../../lib/toasts";
import { useMutationOnce } from "../../lib/use-mutation-once";
import { useNow } from "../../lib/use-now";
import { Button } from "../ui/button";
import { Dialog, DialogClose } from "../ui/dialog";
import { Failure, FailureNote } from "../ui/failure";
import { Section } from "../ui/section";
import { Bone, Loading } from "../ui/skeleton";
import { CodeField } from "./code-field";
import { RecoveryCodes } from "./recovery-codes";

const SetUpSecondFactor = lazy(async () => ({
  default: (await import("./set-up-second-factor")).SetUpSecondFactor,
}));

type Act = "set up" | "renew" | "turn off" | null;

export function SecondFactor() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const now = useNow();
  const [act, setAct] = useState<Act>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const state = useQuery(trpc.auth.secondFactor.queryOptions());
  const refresh = () => queryClient.invalidateQueries(trpc.auth.secondFactor.pathFilter());
  const shown = (recoveryCodes: string[]) => {
    setAct(null);
    setCodes(recoveryCodes);
    void refresh();
  };
  return (
    <Section title="Second factor">
      {state.isPending && (
        <Loading label="Loading the second factor">
          <Bone className="mt-4 w-56" />
        </Loading>
      )}
      {state.isLoadingError && (
        <Failure
          className="mt-4"
          error={state.error}
          retry={() => void state.refetch()}
          retrying={state.isFetching}
        />
      )}
      {state.data && (
        <div className="flex items-start gap-3 pt-4 text-sm">
          {state.data.on ? (
            <ShieldCheck aria-hidden="true" className="size-5 flex-none text-success" />
          ) : (
            <ShieldOff aria-hidden="true" className="size-5 flex-none text-muted-foreground" />
          )}
          <div className="min-w-0 flex-1">
            <p className="font-medium">{state.data.on ? "On" : "Off"}</p>
            <p className="text-muted-foreground">
              {state.data.on && state.data.since
                ? `Since ${sentenceDay(new Date(state.data.since), now)}. ${plural(state.data.recoveryCodesLeft, "recovery code")} left.`
                : "Your password alone signs you in. With an authenticator app, a code from your phone is needed as well."}
            </p>
            <div className="mt-3 flex flex-wrap gap-2">
              {state.data.on ? (
                <>
                  <Button onClick={() => setAct("renew")}>New recovery codes</Button>
                  <Button variant="danger" onClick={() => setAct("turn off")}>
                    Turn off
                  </Button>
                </>
              ) : (
                <Button onClick={() => setAct("set up")}>Turn on</Button>
              )}
            </div>
          </div>
        </div>
      )}
      {act === "set up" && (
        <Suspense>
          <SetUpSecondFactor onClose={() => setAct(null)} onDone={shown} />
        </Suspense>
      )}
      {act === "renew" && <RenewDialog onClose={() => setAct(null)} onDone={shown} />}
      {act === "turn off" && (
        <TurnOffDialog
          onClose={() => setAct(null)}
          onDone={() => {
            setAct(null);
            toast("The second factor is off");
            void refresh();
          }}
        />
      )}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />}
    </Section>
  );
}

function RenewDialog({ onClose, onDone }: { onClose(): void; onDone(codes: string[]): void }) {
  const renew = useMutationOnce(
    useTRPC().auth.renewRecoveryCodes.mutationOptions({
      onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
    }),
  );
  return (
    <CodeDialog
      title="New recovery codes?"
      description="The old ones are void from then on."
      confirm="Make new ones"
      onClose={onClose}
      onCode={(totp) => renew.mutate({ totp })}
      pending={renew.isPending}
      error={renew.error}
    />
  );
}

function TurnOffDialog({ onClose, onDone }: { onClose(): void; onDone(): void }) {
  const turnOff = useMutationOnce(
    useTRPC().auth.turnOffSecondFactor.mutationOptions({ onSuccess: onDone }),
  );
  return (
    <CodeDialog
      title="Turn the second factor off?"
      description="Your password alone signs you in from then on. The recovery codes are void."
      confirm="Turn off"
      onClose={onClose}
      onCode={(totp) => turnOff.mutate({ totp })}
      pending={turnOff.isPending}
      error={turnOff.error}
    />
  );
}

interface CodeDialogProps {
  title: string;
  description: string;
  confirm: string;
  onClose(): void;
  onCode(code: string): void;
  pending: boolean;
  error: unknown;
}

/** Asks for a code before something becomes void. */
function CodeDialog(props: CodeDialogProps) {
  const { title, description, confirm, onClose, onCode, pending, error } = props;
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCode(code);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      dirty={code !== ""}
      title={title}
      description={description}
    >
      <form onSubmit={submit} className="mt-4 grid gap-4">
        <CodeField value={code} onChange={setCode} />
        {error ? <FailureNote error={error} /> : null}
        <div className="flex flex-wrap justify-end gap-2">
          <DialogClose>Cancel</DialogClose>
          <Button variant="destructive" type="submit" disabled={pending || code === ""}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
