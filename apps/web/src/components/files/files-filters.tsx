"use client";

import { useTRPC } from "@fermata/api/react";
import type { FileType } from "@fermata/contract";
import { useQuery } from "@tanstack/react-query";
import { CircleUserRound, Files, Users } from "lucide-react";
import { useIsOperator, useMe } from "../shell/me";
import { kindIcons } from "../ui/file-thumb";
import { FilterMenu } from "../ui/filter-menu";
import { SearchField } from "../ui/search-field";
import { fileTypes, fileTypeTexts } from "./file-types";
import type { FileFilter } from "./use-file-filter";

const typeOptions = [
  ["any", "Any type", Files] as const,
  ...fileTypes.map((type) => [type, fileTypeTexts[type], kindIcons[type]] as const),
];

interface FilesFiltersProps {
  filter: FileFilter;
  set(change: Partial<FileFilter>): void;
}

export function FilesFilters({ filter, set }: FilesFiltersProps) {
  const me = useMe();
  const isOperator = useIsOperator();
  return (
    <div className="mt-3.5 mb-2 flex flex-wrap gap-2">
      <SearchField
        className="min-w-[200px] flex-1 max-md:basis-full"
        label="Search names"
        value={filter.search}
        onChange={(search) => set({ search })}
      />
      {me.role === "admin" && !isOperator && (
        <OwnerFilter value={filter.owner} onChange={(owner) => set({ owner })} />
      )}
      <FilterMenu<FileType | "any">
        label="Type"
        value={filter.type}
        off="any"
        onChange={(type) => set({ type })}
        options={typeOptions}
      />
    </div>
  );
}

function OwnerFilter({ value, onChange }: { value: string; onChange(owner: string): void }) {
  const me = useMe();
  const trpc = useTRPC();
  const users = useQuery(trpc.auth.users.queryOptions({ limit: 100 }));
  const others = users.data?.items.filter(({ id }) => id !== me.id) ?? [];
  return (
    <FilterMenu
      label="Owner"
      value={value === me.id ? "me" : value}
      off="me"
      onChange={onChange}
      options={[
        ["me", "You", CircleUserRound],
        ["all", "Everybody", Users],
        ...others.map(({ id, name, email }) => [id, name ?? email, CircleUserRound] as const),
      ]}
    />
  );
}
