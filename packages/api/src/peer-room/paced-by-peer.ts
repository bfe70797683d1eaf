interface Window<Item> {
  taken: number;
  /** What came last, once there was too much. */
  newest: { item: Item } | null;
  timer: ReturnType<typeof setTimeout>;
}

export interface PacedByPeer<Item> {
  take(peerId: string, item: Item): void;
  close(): void;
}

/**
 * Hands on what comes from each peer: `most` items at once in each `everyMs`, and of what comes faster only the newest, a
 * little later. So one who floods costs no more than one who says much.
 */
export function paceByPeer<Item>(
  { most, everyMs }: { most: number; everyMs: number },
  handOn: (peerId: string, item: Item) => void,
): PacedByPeer<Item> {
  const windows = new Map<string, Window<Item>>();
  const take = (peerId: string, item: Item) => {
    const open = windows.get(peerId);
    if (open && open.taken >= most) {
      open.newest = { item };
      return;
    }
    if (open) open.taken++;
    else {
      const timer = setTimeout(() => end(peerId), everyMs);
      windows.set(peerId, { taken: 1, newest: null, timer });
    }
    handOn(peerId, item);
  };
  const end = (peerId: string) => {
    const newest = windows.get(peerId)?.newest;
    windows.delete(peerId);
    if (newest) take(peerId, newest.item);
  };
  return {
    take,
    close() {
      for (const { timer } of windows.values()) clearTimeout(timer);
      windows.clear();
    },
  };
}
