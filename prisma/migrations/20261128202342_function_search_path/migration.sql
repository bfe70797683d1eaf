-- What the triggers call and write to is found in the schema of these tables, whatever the caller's search_path says.
-- CREATE OR REPLACE FUNCTION takes this away again: a migration that uses it says SET search_path FROM CURRENT itself.
DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN
    SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = current_schema() AND p.proname LIKE 'fermata\_%'
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path FROM CURRENT', f);
  END LOOP;
END $$;
