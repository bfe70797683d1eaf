import { ArrowRight } from "lucide-react";

const whiteKeys = 28;
/** Which white keys of an octave have a black one at their right. */
const blackAfter = [0, 1, 3, 4, 5];
const own = [8, 12, 14, 19];

/** Where the instrument can be seen and heard from afar. */
export function MirrorBand({ name, url }: { name: string; url: string }) {
  return (
    <section
      aria-labelledby="mirror"
      className="bg-[oklch(.19_.008_70)] text-[oklch(.95_.008_85)] max-md:mt-8"
    >
      <div className="mx-auto grid max-w-[1440px] grid-cols-[minmax(0,1fr)_minmax(0,1.3fr)] items-center gap-14 px-14 py-9 max-lg:px-8 max-md:grid-cols-1 max-md:gap-6 max-md:px-0 max-md:pt-0 max-md:pb-7">
        <div className="max-md:order-2 max-md:px-5">
          <h2
            id="mirror"
            className="text-balance font-display text-[34px] leading-[1.2] tracking-[-0.015em] max-md:text-[26px]"
          >
            See and hear it in Piano Mirror
          </h2>
          <p className="mt-3 max-w-[24em] text-lg leading-[1.6] opacity-80 max-md:text-base">
            We sit at {name}, you sit at yours: both keyboards on one screen, nothing to install.
          </p>
          <a
            href={url}
            className="mt-6 inline-flex h-12 items-center gap-3 rounded-md bg-[oklch(.78_.09_160)] px-5 font-medium text-[oklch(.2_.02_160)] text-base hover:bg-[oklch(.83_.09_160)] max-md:flex max-md:justify-center"
          >
            Choose a time
            <ArrowRight aria-hidden="true" className="size-4" />
          </a>
        </div>
        <div aria-hidden="true" className="grid gap-1.5">
          <Keys lit="oklch(.76 .13 75)" />
          <Keys lit="oklch(.68 .12 160)" />
        </div>
      </div>
    </section>
  );
}

/** Four octaves, drawn; the same keys lie under both players' hands. */
function Keys({ lit }: { lit: string }) {
  const whites = Array.from({ length: whiteKeys }, (_, key) => key);
  return (
    <svg viewBox={`0 0 ${whiteKeys * 10} 42`} className="w-full" role="presentation">
      {whites.map((key) => (
        <rect
          key={key}
          x={key * 10 + 0.2}
          y={0}
          width={9.6}
          height={42}
          rx={0.8}
          fill={own.includes(key) ? lit : "oklch(.93 .012 85)"}
        />
      ))}
      {whites
        .filter((key) => blackAfter.includes(key % 7))
        .map((key) => (
          <rect
            key={key}
            x={key * 10 + 7.2}
            y={0}
            width={5.6}
            height={26}
            rx={0.6}
            fill="oklch(.16 .006 70)"
          />
        ))}
    </svg>
  );
}
