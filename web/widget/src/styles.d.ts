/** Style sheets travel as text. */
declare module "*.css?inline" {
  const text: string;
  export default text;
}
