import { formatCount, plural } from "../../lib/format";
import { Section } from "../ui/section";
import { HourChart } from "./hour-chart";
import type { Hour } from "./hours";

/** Credentials that the relay's provider minted, by the hour. */
export function CredentialsChart({ hours }: { hours: Hour[] }) {
  const sum = hours.reduce((total, { turnCredentials }) => total + (turnCredentials ?? 0), 0);
  return (
    <Section title="TURN credentials" aside={`${formatCount(sum)} in 24 h`}>
      <div className="pt-3.5">
        <HourChart
          hours={hours}
          field="turnCredentials"
          unit={["credential", "credentials"]}
          summary={`TURN credentials minted by the hour over the last 24 hours: ${plural(sum, "credential")} in all`}
        />
      </div>
    </Section>
  );
}
