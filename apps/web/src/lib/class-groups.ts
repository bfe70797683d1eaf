import { validators } from "tailwind-merge";

const { isArbitraryLength, isArbitraryNumber, isArbitraryShadow, isFraction, isNumber } =
  validators;
const isAny = () => true;

/** Of these, whatever follows the name is one property's value. */
const plain = [
  ..."p px py pt pr pb pl m mx my mt mr mb ml w h min-w max-w min-h max-h size".split(" "),
  ..."gap gap-x gap-y inset inset-x inset-y top right bottom left z order basis".split(" "),
  ..."grid-cols grid-rows grid-flow auto-cols col-start row-start aspect line-clamp".split(" "),
  ..."justify-items place-content place-items self leading tracking opacity rounded".split(" "),
  ..."rounded-r fill cursor pointer-events select translate-x translate-y transition".split(" "),
  ..."duration whitespace break align object appearance outline-offset bg-linear shrink touch".split(
    " ",
  ),
];

const sides = ["t", "r", "b", "l", "y"];
const isWidth = (value: string) => isNumber(value) || isArbitraryLength(value);

/**
 * The properties that classes of ours set, so that the later of two for one property wins. tailwind-merge's own table
 * knows all of Tailwind, in 5 KB that every page would wait for; a test holds the two together.
 */
export const classGroups = {
  ...Object.fromEntries(plain.map((name) => [name, [{ [name]: [isAny] }]])),
  display: "block inline-block inline flex inline-flex grid table contents hidden".split(" "),
  position: ["static", "fixed", "absolute", "relative", "sticky"],
  overflow: [{ overflow: ["hidden", "auto", "visible"] }],
  "overflow-x": [{ "overflow-x": [isAny] }],
  "overflow-y": [{ "overflow-y": [isAny] }],
  "flex-direction": [{ flex: ["row", "col"] }],
  "flex-wrap": [{ flex: ["wrap", "nowrap"] }],
  flex: [{ flex: [isNumber, isFraction, "auto", "none"] }],
  "col-span": [{ col: [{ span: [isAny] }] }],
  "row-span": [{ row: [{ span: [isAny] }] }],
  "justify-content": [{ justify: ["start", "center", "end", "between"] }],
  "align-content": [{ content: ["start", "center", "end"] }],
  "align-items": [{ items: [isAny] }],
  "font-size": [{ text: ["2xs", "xs", "sm", "base", "lg", "xl", "2xl", "3xl", isArbitraryLength] }],
  "text-align": [{ text: ["left", "center", "right"] }],
  "text-wrap": [{ text: ["balance", "nowrap", "pretty"] }],
  "text-color": [{ text: [isAny] }],
  "font-weight": [{ font: ["normal", "book", "medium", "semibold", isArbitraryNumber] }],
  "font-family": [{ font: ["sans", "display", "mono"] }],
  "bg-position": [{ bg: ["center"] }],
  "bg-repeat": [{ bg: ["no-repeat"] }],
  "bg-size": [{ bg: ["cover", "contain"] }],
  "bg-color": [{ bg: [isAny] }],
  "border-style": [{ border: ["solid", "dashed", "none"] }],
  ...Object.fromEntries(
    sides.flatMap((side) => [
      [`border-w-${side}`, [{ [`border-${side}`]: ["", isWidth] }]],
      [`border-color-${side}`, [{ [`border-${side}`]: [isAny] }]],
    ]),
  ),
  "border-w": [{ border: ["", isWidth] }],
  "border-color": [{ border: [isAny] }],
  "outline-style": [{ outline: ["none", "dashed"] }],
  "outline-w": [{ outline: ["", isWidth] }],
  "outline-color": [{ outline: [isAny] }],
  shadow: [{ shadow: ["none", "control", "overlay", "tray", isArbitraryShadow] }],
  "ring-w": [{ ring: ["", isWidth] }],
  "ring-color": [{ ring: [isAny] }],
  "inset-ring-w": [{ "inset-ring": ["", isWidth] }],
  "inset-ring-color": [{ "inset-ring": [isAny] }],
  "stroke-w": [{ stroke: [isWidth, isArbitraryNumber] }],
  stroke: [{ stroke: [isAny] }],
};

const eachSide = (name: string) => sides.map((side) => `${name}-${side}`);

/** What a class takes back of the classes before it, beside its own property. */
export const conflictingClassGroups = {
  overflow: ["overflow-x", "overflow-y"],
  inset: ["inset-x", "inset-y", "top", "right", "bottom", "left"],
  "inset-x": ["right", "left"],
  "inset-y": ["top", "bottom"],
  flex: ["basis", "shrink"],
  gap: ["gap-x", "gap-y"],
  p: ["px", "py", "pt", "pr", "pb", "pl"],
  px: ["pr", "pl"],
  py: ["pt", "pb"],
  m: ["mx", "my", "mt", "mr", "mb", "ml"],
  mx: ["mr", "ml"],
  my: ["mt", "mb"],
  size: ["w", "h"],
  "font-size": ["leading"],
  "line-clamp": ["display", "overflow"],
  rounded: ["rounded-r"],
  "border-w": eachSide("border-w"),
  "border-w-y": ["border-w-t", "border-w-b"],
  "border-color": eachSide("border-color"),
};
