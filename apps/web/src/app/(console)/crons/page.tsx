import type { Metadata } from "next";
import { CronsPage } from "../../../components/crons/crons-page";

export const metadata: Metadata = { title: "Crons" };

export default CronsPage;
