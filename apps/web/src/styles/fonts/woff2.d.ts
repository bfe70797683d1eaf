declare module "*.woff2" {
  /** The address it is served at. */
  const href: string;
  export default href;
}
