import type { ReactNode } from "react";
import { CodeLine } from "../ui/code-line";
import { Section } from "../ui/section";

interface SpecimenProps {
  /** As it is imported: `UploadButton`. */
  name: string;
  about: string;
  /** What stands in a page for it. */
  code: string;
  rightToLeft: boolean;
  children: ReactNode;
}

/** One component at work, with the line that puts it into a page. */
export function Specimen({ name, about, code, rightToLeft, children }: SpecimenProps) {
  return (
    <Section title={`<${name}>`} className="min-w-0">
      <p className="pt-3 text-muted-foreground text-sm">{about}</p>
      <div
        dir={rightToLeft ? "rtl" : "ltr"}
        lang={rightToLeft ? "ar" : "en"}
        className="py-4"
        data-testid={name}
      >
        {children}
      </div>
      <CodeLine text={code} what={`the line for ${name}`} />
    </Section>
  );
}
