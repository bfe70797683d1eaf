"use client";

import { useEffect, useState } from "react";
import { cn } from "../../lib/cn";
import { useMe } from "../shell/me";
import { Page } from "../ui/page";
import { Appearance } from "./appearance";
import { Installation } from "./installation";
import { Password } from "./password";
import { People } from "./people";
import { Profile } from "./profile";
import { SecondFactor } from "./second-factor";
import { Sessions } from "./sessions";
import { SignUpPolicy } from "./sign-up-policy";

const sections = [
  { id: "profile", title: "Profile", Content: Profile, adminOnly: false },
  { id: "password", title: "Password", Content: Password, adminOnly: false },
  { id: "second-factor", title: "Second factor", Content: SecondFactor, adminOnly: false },
  { id: "sessions", title: "Sessions", Content: Sessions, adminOnly: false },
  { id: "console", title: "Console", Content: Appearance, adminOnly: false },
  { id: "people", title: "People", Content: People, adminOnly: true },
  { id: "sign-up", title: "Sign-up", Content: SignUpPolicy, adminOnly: true },
  { id: "installation", title: "Installation", Content: Installation, adminOnly: true },
];

export function SettingsPage() {
  const me = useMe();
  const shown = sections.filter(({ adminOnly }) => !adminOnly || me.role === "admin");
  const current = useSectionInView(shown.map(({ id }) => id));
  return (
    <Page title="Settings" sub={me.email}>
      <div className="grid grid-cols-[150px_minmax(0,1fr)] gap-12 border-t border-t-foreground pt-[18px] max-lg:grid-cols-1">
        <nav aria-label="Settings" className="max-lg:hidden">
          <ul className="sticky top-4">
            {shown.map(({ id, title }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  aria-current={id === current ? "location" : undefined}
                  className={cn(
                    "block rounded-sm py-1.5 text-muted-foreground text-sm hover:text-foreground",
                    id === current && "font-[550] text-foreground",
                  )}
                >
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="grid min-w-0 gap-[34px] pb-16">
          {shown.map(({ id, Content }) => (
            <div key={id} id={id} className="min-w-0 scroll-mt-4">
              <Content />
            </div>
          ))}
        </div>
      </div>
    </Page>
  );
}

/** The section that stands at the top of what can be seen. */
function useSectionInView(ids: string[]): string | undefined {
  const [visible, setVisible] = useState<ReadonlySet<string>>(new Set());
  const watched = ids.join(" ");
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) =>
        setVisible((before) => {
          const next = new Set(before);
          for (const { target, isIntersecting } of entries) {
            if (isIntersecting) next.add(target.id);
            else next.delete(target.id);
          }
          return next;
        }),
      { rootMargin: "-10% 0px -60% 0px" },
    );
    for (const id of watched.split(" ")) {
      const element = document.getElementById(id);
      if (element) observer.observe(element);
    }
    return () => observer.disconnect();
  }, [watched]);
  return ids.find((id) => visible.has(id)) ?? ids[0];
}
