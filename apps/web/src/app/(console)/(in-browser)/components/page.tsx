import type { Metadata } from "next";
import { GalleryPage } from "../../../../components/gallery/gallery-page";
import "@fermata/api/styles.css";

export const metadata: Metadata = { title: "Components" };

export default GalleryPage;
