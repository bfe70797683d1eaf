"use client";

import type { FileType } from "@fermata/contract";
import { useSearchParams } from "../../lib/address";
import { useIsOperator } from "../shell/me";
import { fileTypes } from "./file-types";

export type FileStateFilter = "all" | "attached" | "unattached";

export interface FileFilter {
  state: FileStateFilter;
  type: FileType | "any";
  /** `me`, `all`, or a user's id. */
  owner: string;
  search: string;
}

/** What the page shows, kept in its address, so that a filter can be linked to. */
export function useFileFilter() {
  const params = useSearchParams();
  // Nothing is an operator's own.
  const owner = useIsOperator() ? "all" : "me";
  const unfiltered: FileFilter = { state: "all", type: "any", owner, search: "" };
  const state = params.get("state");
  const type = fileTypes.find((candidate) => candidate === params.get("type"));
  const filter: FileFilter = {
    state: state === "attached" || state === "unattached" ? state : "all",
    type: type ?? "any",
    owner: params.get("owner") ?? owner,
    search: params.get("q") ?? "",
  };
  const set = (change: Partial<FileFilter>) => {
    const next = { ...filter, ...change };
    const url = new URL(window.location.href);
    const put = (param: string, key: keyof FileFilter) => {
      if (next[key] === unfiltered[key]) url.searchParams.delete(param);
      else url.searchParams.set(param, next[key]);
    };
    put("state", "state");
    put("type", "type");
    put("owner", "owner");
    put("q", "search");
    window.history.replaceState(null, "", url);
  };
  const isFiltered = filter.state !== "all" || filter.type !== "any" || filter.search !== "";
  return { filter, set, isFiltered, clear: () => set({ ...unfiltered, owner: filter.owner }) };
}
