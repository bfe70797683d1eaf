import { createSearchAPI } from "fumadocs-core/search/server";
import { source } from "../../source";

export const dynamic = "force-static";

/** The index that a page searches by itself, so that the site works offline and from any server of files. */
export const { staticGET: GET } = createSearchAPI("advanced", {
  indexes: source.getPages().map(({ url, data: { title, structuredData } }) => ({
    id: url,
    url,
    title,
    structuredData,
  })),
});
