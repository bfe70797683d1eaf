import type { MidiChange } from "./midi";

interface Hands {
  down: Set<number>;
  pedal: boolean;
}

/**
 * Several players on one instrument: what each of them does, as the instrument has to do it. A key that two hold is
 * released by the second one's release.
 */
export function createSharedInstrument() {
  const players = new Map<string, Hands>();

  const isHeld = (midi: number) => [...players.values()].some(({ down }) => down.has(midi));
  const isPedalDown = () => [...players.values()].some(({ pedal }) => pedal);
  const offs = (midi: number): MidiChange[] => (isHeld(midi) ? [] : [{ kind: "off", midi }]);

  function setPedal(hands: Hands, down: boolean): MidiChange[] {
    const before = isPedalDown();
    hands.pedal = down;
    const now = isPedalDown();
    return now === before ? [] : [{ kind: "pedal", down: now }];
  }

  function leave(player: string, hands: Hands): MidiChange[] {
    if (players.size <= 1) {
      players.delete(player);
      return [{ kind: "all-off" }];
    }
    const pedal = setPedal(hands, false);
    players.delete(player);
    return [...[...hands.down].flatMap(offs), ...pedal];
  }

  return function play(player: string, change: MidiChange): MidiChange[] {
    const hands = players.get(player) ?? { down: new Set(), pedal: false };
    if (change.kind === "all-off") return leave(player, hands);
    players.set(player, hands);
    if (change.kind === "pedal") return setPedal(hands, change.down);
    if (change.kind === "on") hands.down.add(change.midi);
    else hands.down.delete(change.midi);
    return change.kind === "on" ? [change] : offs(change.midi);
  };
}
