import { expect, test } from "vitest";
import { wholePicture } from "../media/crop";
import { decodeSideState, encodeSideState, type SideState } from "./side-state";

const state: SideState = { camera: true, microphone: false, sound: "organ", crop: wholePicture };

test("a state comes back as it was sent", () => {
  expect(decodeSideState(encodeSideState(state))).toEqual(state);
});

test.each([
  ["bytes", new ArrayBuffer(4)],
  ["no JSON", "{"],
  ["null", "null"],
  ["an unknown sound", JSON.stringify({ ...state, sound: "kazoo" })],
  ["a camera that is neither on nor off", JSON.stringify({ ...state, camera: "on" })],
])("refuses %s", (_, data) => {
  expect(decodeSideState(data)).toBeNull();
});
