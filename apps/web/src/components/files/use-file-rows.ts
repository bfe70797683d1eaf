"use client";

import { useShortcuts } from "../../lib/shortcuts";
import { focusedRow, focusRow, useOpenItem } from "../../lib/use-open-item";
import { useSelection } from "../../lib/use-selection";
import { useMe } from "../shell/me";
import { useDeleteFiles } from "./use-delete-files";
import type { FileRow } from "./use-files";

/** What can be done with the rows of the list: open one, choose several, delete them, by pointer and by keys. */
export function useFileRows(rows: FileRow[]) {
  const me = useMe();
  const isOwn = ({ owner }: FileRow) => owner.id === me.id;
  const ids = rows.map(({ storageId }) => storageId);
  const opened = useOpenItem(ids);
  const selection = useSelection(rows.filter(isOwn).map(({ storageId }) => storageId));
  const selected = rows.filter(({ storageId }) => selection.has(storageId));
  const deleteFiles = useDeleteFiles();

  const remove = (files: readonly FileRow[]) => {
    const gone = new Set(files.map(({ storageId }) => storageId));
    const at = ids.findIndex((id) => gone.has(id));
    const stays = (id: string) => !gone.has(id);
    const neighbour = ids.slice(at).find(stays) ?? ids.slice(0, at).findLast(stays);
    if (opened.openId !== null && gone.has(opened.openId)) opened.open(null);
    selection.clear();
    deleteFiles(files);
    // Focus stays in the list: on what took the place of the first one.
    requestAnimationFrame(() => {
      if (neighbour) focusRow(neighbour);
      else document.querySelector("main")?.focus();
    });
  };
  /** The row that keys mean. */
  const current = () => {
    const id = focusedRow() ?? opened.openId;
    return rows.find((file) => file.storageId === id && isOwn(file));
  };
  const removeByKey = () => {
    const one = current();
    if (selected.length > 0) remove(selected);
    else if (one) remove([one]);
    else return false;
  };
  useShortcuts({
    x: () => {
      const one = current();
      if (!one) return false;
      selection.toggle(one.storageId);
    },
    delete: removeByKey,
    backspace: removeByKey,
  });
  const extend = (by: 1 | -1) => {
    const from = focusedRow();
    const to = from === null ? undefined : ids[ids.indexOf(from) + by];
    if (from === null || to === undefined) return;
    if (!selection.has(from)) selection.selectTo(from);
    selection.selectTo(to);
    focusRow(to);
  };
  return { opened, selection, selected, isOwn, remove, extend };
}
