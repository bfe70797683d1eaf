import { expect, test } from "vitest";
import { createPreferences } from "./preferences";

function storageWith(text: string | null) {
  let kept = text;
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => {
      kept = value;
    },
  };
}

test("what was chosen is there the next time", () => {
  const storage = storageWith(null);
  createPreferences(storage).update({ sound: "organ", name: "Ines", mirrorOther: true });
  expect(createPreferences(storage).get()).toMatchObject({
    sound: "organ",
    name: "Ines",
    mirrorOther: true,
    music: true,
  });
});

test.each(["no JSON", "null", "[]", '{"sound":"kazoo","name":7,"crop":"big","cameraOn":"yes"}'])(
  "%s is the same as nothing",
  (text) => {
    expect(createPreferences(storageWith(text)).get()).toEqual(
      createPreferences(storageWith(null)).get(),
    );
  },
);

test("without storage it still works, for this page", () => {
  const preferences = createPreferences(null);
  preferences.update({ music: false });
  expect(preferences.get().music).toBe(false);
});
