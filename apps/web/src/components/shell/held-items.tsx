import { useTRPC } from "@fermata/api/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Piano, Radio, UserRound } from "lucide-react";
import { fileKind } from "../../lib/file-kind";
import { formatBytes } from "../../lib/format";
import { listInputs } from "../../lib/list-inputs";
import { useSettled } from "../../lib/use-settled";
import { kindIcons } from "../ui/file-thumb";
import { useIsOperator, useMe } from "./me";
import { Group, Item } from "./palette-item";

type Go = (href: string) => void;

interface HeldItemsProps {
  text: string;
  go: Go;
}

/** Whatever has a name: files wherever they stand in the list, and the newest of the rest. */
export function HeldItems({ text, go }: HeldItemsProps) {
  const me = useMe();
  const isOperator = useIsOperator();
  return (
    <>
      <FilesAndMedia text={text} go={go} />
      {!isOperator && <Instruments go={go} />}
      <Rooms go={go} />
      {!isOperator && me.role === "admin" && <People go={go} />}
    </>
  );
}

function FilesAndMedia({ text, go }: HeldItemsProps) {
  const trpc = useTRPC();
  const search = useSettled(text.trim());
  const owner = useIsOperator() ? { owner: "all" } : {};
  const files = useQuery({
    ...trpc.files.list.queryOptions({ limit: 8, ...owner, ...(search && { search }) }),
    placeholderData: keepPreviousData,
  });
  const media = useQuery(trpc.storage.list.queryOptions({ limit: 50, ...owner }));
  return (
    <Group heading="Files and media">
      {files.data?.items.map(({ storageId, filename, contentType, sizeBytes }) => (
        <Item
          key={storageId}
          value={storageId}
          keywords={[filename ?? storageId]}
          icon={kindIcons[fileKind(contentType)]}
          end={formatBytes(sizeBytes)}
          onSelect={() =>
            go(`/files?q=${encodeURIComponent(filename ?? storageId)}&open=${storageId}`)
          }
        >
          {filename ?? storageId}
        </Item>
      ))}
      {media.data?.items.map(({ key, filename, contentType, sizeBytes }) => (
        <Item
          key={key}
          value={key}
          keywords={[filename]}
          icon={kindIcons[fileKind(contentType)]}
          end={`${formatBytes(sizeBytes)}, media`}
          onSelect={() => go(`/media?open=${key}`)}
        >
          {filename}
        </Item>
      ))}
    </Group>
  );
}

function Instruments({ go }: { go: Go }) {
  const { data } = useQuery(useTRPC().instruments.list.queryOptions(listInputs.instruments));
  return (
    <Group heading="Instruments">
      {data?.items.map(({ instrumentId, name }) => (
        <Item
          key={instrumentId}
          value={instrumentId}
          keywords={[name]}
          icon={Piano}
          onSelect={() => go(`/instruments/edit/${instrumentId}`)}
        >
          {name}
        </Item>
      ))}
    </Group>
  );
}

function Rooms({ go }: { go: Go }) {
  const { data } = useQuery(useTRPC().signaling.rooms.queryOptions(listInputs.openRooms));
  return (
    <Group heading="Open rooms">
      {data?.items.map(({ roomId, name }) => (
        <Item
          key={roomId}
          value={roomId}
          keywords={[name ?? roomId]}
          icon={Radio}
          onSelect={() => go(`/rooms?open=${roomId}`)}
        >
          {name ?? roomId}
        </Item>
      ))}
    </Group>
  );
}

function People({ go }: { go: Go }) {
  const { data } = useQuery(useTRPC().auth.users.queryOptions({ limit: 50 }));
  return (
    <Group heading="People">
      {data?.items.map(({ id, name, email }) => (
        <Item
          key={id}
          value={id}
          keywords={[`${name ?? ""} ${email}`.trim()]}
          icon={UserRound}
          end={name ? email : undefined}
          onSelect={() => go("/settings#people")}
        >
          {name ?? email}
        </Item>
      ))}
    </Group>
  );
}
