/** Where the API answers unless somebody says otherwise. */
export const defaultBasePath = "/api";
