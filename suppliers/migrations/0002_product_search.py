r"""What a product is found by, kept by the database; ``suppliers.queries.search`` asks for it.

``product.search`` holds, for each product:

- English words of name, brand and description, stemmed;
- pairs of Chinese (Japanese, Korean) characters, with the last of each run alone: 六角螺栓 gives
  六角 角螺 螺栓 栓. A trigram index cannot serve the two characters of 螺栓; these do, and a single
  character is the beginning of one of them;
- item and part numbers in pieces and run together from each piece on: HX-M8-40 gives hx m8 40
  hxm840 m840, so that “hxm840”, “m8 40” and “m840” begin one of them;
- each name and number as a whole behind an equals sign, for what is meant exactly or begins so.

Texts are compared after NFKC and in lower case, so full-width letters and digits are found too. “x”,
“×” and “*” between digits separate: M8x40 and M8 × 40 are the same.
"""

from django.db import migrations

CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"

# Unit separators part the fields of a product, so that all are made plain in one go.
PLAIN = rf"""
CREATE FUNCTION suppliers_search_plain(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
        regexp_replace(
            regexp_replace(lower(normalize(said, NFKC)), '(?<=\d) ?[x×*] ?(?=\d)', ' ', 'g'),
            '[^[:alnum:]\x1f]+', ' ', 'g'),
        '([{CJK}]+)', ' \1 ', 'g')
$$
"""

# Pairs beginning at the first character, then pairs beginning at the second; one of the two leaves the last alone.
PAIRS = rf"""
CREATE FUNCTION suppliers_search_pairs(plain text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN plain ~ '[{CJK}]' THEN
        regexp_replace(regexp_replace(plain, '[^{CJK} ]+', '', 'g'), '([{CJK}]{{2}})', '\1 ', 'g') || ' '
        || regexp_replace(
            regexp_replace(plain, '(^|[^{CJK}])[{CJK}]|[^{CJK} ]', ' ', 'g'), '([{CJK}]{{2}})', '\1 ', 'g')
    ELSE '' END
$$
"""

JOINED = """
CREATE FUNCTION suppliers_search_joined(plain text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT replace(plain, ' ', '')
$$
"""

PIECES = """
CREATE FUNCTION suppliers_search_pieces(plain text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    rest text := trim(plain);
    pieces text := rest;
BEGIN
    WHILE position(' ' IN rest) > 0 LOOP
        pieces := pieces || ' ' || replace(rest, ' ', '');
        rest := ltrim(substr(rest, position(' ' IN rest)));
    END LOOP;
    RETURN pieces;
END $$
"""

VECTOR = rf"""
CREATE FUNCTION suppliers_search_whole(plain text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ('''=' || replace(plain, ' ', '') || '''')::tsvector
$$;

CREATE FUNCTION suppliers_search_vector(
    sku text, part_number text, gtin text, name text, native_name text, brand text, description text
) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    fields text[] := string_to_array(suppliers_search_plain(concat_ws(
        E'\x1f', sku, part_number, name, native_name, brand, description)), E'\x1f');
    names text := fields[3] || ' ' || regexp_replace(fields[4], '[{CJK}]+', '', 'g');
    found tsvector := setweight(to_tsvector('english', names) || to_tsvector('simple', concat_ws(' ',
            suppliers_search_pieces(fields[1]), suppliers_search_pieces(fields[2]), gtin,
            suppliers_search_pairs(fields[3]), suppliers_search_pairs(fields[4]))), 'A')
        || suppliers_search_whole(fields[1]) || suppliers_search_whole(fields[3]);
BEGIN
    IF part_number <> '' THEN
        found := found || suppliers_search_whole(fields[2]);
    END IF;
    IF native_name <> '' THEN
        found := found || suppliers_search_whole(fields[4]);
    END IF;
    IF brand <> '' THEN
        found := found || setweight(to_tsvector('english', fields[5]), 'B');
    END IF;
    IF description <> '' THEN
        found := found || setweight(to_tsvector('english', regexp_replace(fields[6], '[{CJK}]+', '', 'g'))
            || to_tsvector('simple', suppliers_search_pairs(fields[6])), 'D');
    END IF;
    RETURN found;
END $$
"""

# Every word must be there. A word with a digit may be the beginning of a longer one, as part numbers are typed
# in pieces; when ``loose``, so may every word, and one wrong character is forgiven in a run of three or more.
# A function returns NULL where nothing is left to look for.
QUERY = rf"""
CREATE FUNCTION suppliers_search_run(run text, loose boolean) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    pairs text[] := ARRAY(SELECT quote_literal(substr(run, place, 2)) FROM generate_series(1, length(run) - 1) AS place);
    others text[];
    found tsquery;
BEGIN
    IF length(run) = 1 THEN
        RETURN (quote_literal(run) || ':*')::tsquery;
    END IF;
    found := array_to_string(pairs, ' & ')::tsquery;
    IF loose THEN
        FOR wrong IN 1 .. length(run) LOOP
            others := ARRAY(SELECT pairs[place] FROM generate_subscripts(pairs, 1) AS place
                WHERE place NOT IN (wrong - 1, wrong));
            IF cardinality(others) > 0 THEN
                found := found || array_to_string(others, ' & ')::tsquery;
            END IF;
        END LOOP;
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION suppliers_search_word(word text, loose boolean) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF word ~ '[{CJK}]' THEN
        RETURN suppliers_search_run(word, loose);
    ELSIF length(to_tsvector('english', word)) = 0 THEN
        RETURN NULL;
    ELSIF word ~ '\d' THEN
        RETURN (quote_literal(word) || ':*')::tsquery;
    ELSIF loose AND length(word) > 2 THEN
        RETURN (quote_literal(word) || ':*')::tsquery || plainto_tsquery('english', word);
    END IF;
    RETURN plainto_tsquery('english', word) || quote_literal(word)::tsquery;
END $$;

CREATE FUNCTION suppliers_search_query(said text, loose boolean) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    plain text := suppliers_search_plain(said);
    joined text := suppliers_search_joined(plain);
    asked tsquery;
    further tsquery;
    word text;
BEGIN
    FOREACH word IN ARRAY string_to_array(plain, ' ') LOOP
        further := suppliers_search_word(word, loose);
        asked := coalesce(asked && further, asked, further);
    END LOOP;
    IF joined ~ '^[a-z0-9]*\d[a-z0-9]*$' AND position(' ' IN trim(plain)) > 0 THEN
        asked := asked || (quote_literal(joined) || ':*')::tsquery;
    END IF;
    RETURN asked;
END $$;

CREATE FUNCTION suppliers_search_exact(said text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT quote_literal('=' || nullif(replace(suppliers_search_plain(said), ' ', ''), ''))::tsquery
$$;

CREATE FUNCTION suppliers_search_head(said text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (suppliers_search_exact(said)::text || ':*')::tsquery
$$
"""  # noqa: S608 — nothing but our own constant goes in

KEEP = """
CREATE FUNCTION suppliers_search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search := suppliers_search_vector(
        NEW.sku, NEW.part_number, NEW.gtin, NEW.name, NEW.native_name, NEW.brand, NEW.description);
    RETURN NEW;
END $$;
CREATE TRIGGER product_search_arrives BEFORE INSERT ON suppliers_product
    FOR EACH ROW EXECUTE FUNCTION suppliers_search_keep();
CREATE TRIGGER product_search_changes BEFORE UPDATE ON suppliers_product FOR EACH ROW WHEN (
    (OLD.sku, OLD.part_number, OLD.gtin, OLD.name, OLD.native_name, OLD.brand, OLD.description, OLD.search)
    IS DISTINCT FROM
    (NEW.sku, NEW.part_number, NEW.gtin, NEW.name, NEW.native_name, NEW.brand, NEW.description, NEW.search)
) EXECUTE FUNCTION suppliers_search_keep()
"""

# Words are learned for all rows of a statement at once. There is no unique key to wait for, so that two imports
# that bring the same new words never block each other; a word learned twice does no harm.
LEARN = """
CREATE FUNCTION suppliers_search_learn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO suppliers_searchword (word)
    SELECT said.word FROM (
        SELECT DISTINCT word FROM arrived, regexp_split_to_table(lower(arrived.name), '[^a-z]+') AS word
    ) AS said
    WHERE length(said.word) BETWEEN 4 AND 60
        AND NOT EXISTS (SELECT FROM suppliers_searchword AS known WHERE known.word = said.word);
    RETURN NULL;
END $$;
CREATE TRIGGER product_words_arrive AFTER INSERT ON suppliers_product
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION suppliers_search_learn();
CREATE TRIGGER product_words_change AFTER UPDATE ON suppliers_product
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION suppliers_search_learn()
"""

UNDO = """
DROP TRIGGER product_words_change ON suppliers_product;
DROP TRIGGER product_words_arrive ON suppliers_product;
DROP TRIGGER product_search_changes ON suppliers_product;
DROP TRIGGER product_search_arrives ON suppliers_product;
DROP FUNCTION suppliers_search_learn();
DROP FUNCTION suppliers_search_keep();
DROP FUNCTION suppliers_search_head(text);
DROP FUNCTION suppliers_search_exact(text);
DROP FUNCTION suppliers_search_query(text, boolean);
DROP FUNCTION suppliers_search_word(text, boolean);
DROP FUNCTION suppliers_search_run(text, boolean);
DROP FUNCTION suppliers_search_vector(text, text, text, text, text, text, text);
DROP FUNCTION suppliers_search_whole(text);
DROP FUNCTION suppliers_search_pieces(text);
DROP FUNCTION suppliers_search_joined(text);
DROP FUNCTION suppliers_search_pairs(text);
DROP FUNCTION suppliers_search_plain(text)
"""


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0001_initial")]

    operations = [migrations.RunSQL([PLAIN, PAIRS, JOINED, PIECES, VECTOR, QUERY, KEEP, LEARN], UNDO)]
