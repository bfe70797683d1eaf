import type { PublicInstrument } from "@fermata/contract";
import { buttonClass } from "../../ui/button";
import { Sign } from "../../ui/sign";

/** The price in words, and where to ask. What the owner has not set is not there. */
export function Offer({ instrument }: { instrument: PublicInstrument }) {
  const { name, price, contact, viewingUrl } = instrument;
  if (!price && !contact && !viewingUrl) return null;
  const asksForPrice = !price || /request/i.test(price);
  return (
    <div className="mt-7 border-t border-t-foreground pt-4 max-md:mt-5 max-md:border-t-border">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <p className="font-display text-[22px] leading-7 tracking-[-0.01em] max-md:text-[20px]">
          {price ?? "Price on request"}
        </p>
        {contact && (
          <a
            href={addressOf(contact, name)}
            className={buttonClass({
              variant: "primary",
              size: "lg",
              className: "h-11 px-5 max-md:w-full",
            })}
          >
            {asksForPrice ? "Ask for the price" : "Ask about it"}
          </a>
        )}
      </div>
      {viewingUrl && (
        <a
          href={viewingUrl}
          className={buttonClass({ size: "lg", className: "mt-3 h-12 w-full max-md:hidden" })}
        >
          <Sign className="mr-1 h-4 w-5 text-primary" />
          See and hear it in Piano Mirror
        </a>
      )}
    </div>
  );
}

function addressOf(contact: string, name: string): string {
  if (!contact.includes("@") || /^https?:/.test(contact)) return contact;
  return `mailto:${contact}?subject=${encodeURIComponent(name)}`;
}
