import type { ReactNode } from "react";
import { cn } from "../../lib/cn";
import { BrandMark, brandClass } from "../ui/brand-mark";

/**
 * The public pages: what this is on the left, a form on the right. They are so few and small that plain links do, and
 * nobody who signs in waits for the console's.
 */
export function Entrance({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1.08fr)_minmax(0,1fr)] max-md:block">
      <header className="relative flex flex-col overflow-hidden border-r bg-sidebar px-14 py-11 max-lg:px-8 max-md:border-r-0 max-md:border-b max-md:px-5 max-md:pt-6 max-md:pb-5">
        <a href="/" className={cn(brandClass, "self-start")} aria-label="Fermata, overview">
          <BrandMark />
        </a>
        <div className="mt-[11vh] max-md:mt-[9vh]">
          <p className="max-w-[12em] text-balance font-display text-3xl tracking-[-0.02em] max-lg:text-[36px] max-lg:leading-[42px] max-md:max-w-none max-md:text-[30px] max-md:leading-[35px]">
            Hold this file. Hold this note.
          </p>
          <p className="mt-4 max-w-[29em] text-[17px] text-muted-foreground leading-[27px] max-md:mt-3">
            Private files, heavy media, scheduled jobs and live rooms for your React app, on your
            own server and your own bucket.
          </p>
        </div>
        <HeldNote />
        <p className="relative mt-auto pt-8 text-muted-foreground text-xs max-md:hidden">
          Fermata, self-hosted
        </p>
      </header>
      <main className="flex flex-col items-center justify-center p-12 max-lg:px-8 max-md:px-5 max-md:py-6">
        <div className="w-[348px] max-w-full max-md:w-full">{children}</div>
      </main>
    </div>
  );
}

/** A half note under a fermata, before the final bar. */
function HeldNote() {
  return (
    <svg
      viewBox="0 0 760 300"
      aria-hidden="true"
      className="absolute inset-x-0 bottom-[76px] w-full max-md:hidden"
    >
      <g className="stroke-border-strong">
        {[176, 196, 216, 236, 256].map((y) => (
          <line key={y} x1="0" x2="760" y1={y} y2={y} />
        ))}
        <line x1="700" x2="700" y1="176" y2="256" />
        <line x1="713" x2="713" y1="176" y2="256" strokeWidth="5" />
      </g>
      <ellipse
        cx="480"
        cy="206"
        rx="15.5"
        ry="10.2"
        fill="none"
        strokeWidth="5.5"
        transform="rotate(-20 480 206)"
        className="stroke-foreground"
      />
      <path d="M494 202V134" strokeWidth="2.2" className="stroke-foreground" />
      <g transform="translate(432 52) scale(3)" className="fill-primary">
        <path d="M1.6 20.4C1.6 9.6 8 2.8 16 2.8s14.4 6.8 14.4 17.6h-1.3C27.8 12 22.6 7.2 16 7.2S4.2 12 2.9 20.4Z" />
        <circle cx="16" cy="18" r="3.1" />
      </g>
    </svg>
  );
}

export function FormTitle({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <>
      <h1 className="font-display text-[28px] leading-[34px] tracking-[-0.01em]">{title}</h1>
      {children && <p className="mt-0.5 text-base text-muted-foreground">{children}</p>}
    </>
  );
}
