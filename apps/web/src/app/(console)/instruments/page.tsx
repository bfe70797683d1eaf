import type { Metadata } from "next";
import { InstrumentsPage } from "../../../components/instruments/instruments-page";

export const metadata: Metadata = { title: "Instruments" };

export default InstrumentsPage;
