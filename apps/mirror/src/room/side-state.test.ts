import { expect, test } from "vitest";
import { wholePicture } from "../media/crop";
import { decodeSideState, encodeSideState, type SideState } from "./side-state";

const state: SideState = {
  camera: true,
  microphone: false,
  sound: "organ",
  crop: wholePicture,
  recording: true,
};

test("a state comes back as it was sent", () => {
  expect(decodeSideState(encodeSideState(state))).toEqual(state);
});

test("a page that does not know of recording does not record", () => {
  const { recording: _, ...before } = state;
  expect(decodeSideState(JSON.stringify(before))).toEqual({ ...before, recording: false });
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
