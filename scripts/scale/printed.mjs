const amount = (value) =>
  value.toLocaleString(
    "en-US",
    value < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: value < 10 ? 2 : 0 },
  );
const money = (dollars) => (dollars === null ? "not known" : `$${amount(dollars)}`);

/** As tables of Markdown. */
export function printed(amounts, bills) {
  const rows = Object.entries(amounts).map(([name, value]) => [name, amount(value)]);
  return [
    table(["in 30 days", ""], rows),
    ...bills.map(({ name, lines, total, unknown }) =>
      table(
        [name, "dollars a month"],
        [
          ...lines.map(({ what, dollars }) => [what, money(dollars)]),
          [
            "**together**",
            `**${money(total)}**${unknown.length > 0 ? " and what is not known" : ""}`,
          ],
        ],
      ),
    ),
  ].join("\n\n");
}

function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
