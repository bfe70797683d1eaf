import { limits } from "@fermata/contract";
import { expect, test } from "vitest";
import { inQuestions } from "./find-done";

test("asks for every id once, in questions that fit a URL and the procedure", () => {
  const short = Array.from({ length: 250 }, (_, number) => String(number));
  const long = Array.from({ length: 250 }, (_, number) => `component/${String(number).repeat(20)}`);
  for (const ids of [short, long, []]) {
    const questions = [...inQuestions(ids)];
    expect(questions.flat()).toEqual(ids);
    for (const question of questions) {
      expect(question.length).toBeGreaterThan(0);
      expect(question.length).toBeLessThanOrEqual(limits.pageItems);
      expect(encodeURIComponent(JSON.stringify(question)).length).toBeLessThan(1600);
    }
  }
});
