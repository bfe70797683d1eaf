/** What a server of built pages reads; the rest was settled by the build. */
export default { poweredByHeader: false, images: { unoptimized: true } };
