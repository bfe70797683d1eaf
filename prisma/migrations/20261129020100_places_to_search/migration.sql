CREATE INDEX CONCURRENTLY "Media_places_to_search" ON "Media" ("id") WHERE "status" = 'ready' AND "visibility" = 'public' AND NOT "placeSearched";
