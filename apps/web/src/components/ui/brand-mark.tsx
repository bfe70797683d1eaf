import { Sign } from "./sign";

export const brandClass = "flex items-center gap-2.5 rounded-sm text-foreground";

export function BrandMark() {
  return (
    <>
      <Sign className="h-[21px] w-7 text-primary" />
      <span className="font-display font-[500] text-[21px] leading-6 tracking-[-0.01em]">
        Fermata
      </span>
    </>
  );
}
