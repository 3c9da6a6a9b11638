import Warehouse

/// A script for DuckDB that opens a published copy and asks the questions.
enum DuckDBScript {
    static var text: String {
        opening + ReaderQuestion.all.map { "\n-- \($0.title)\n\($0.sql);\n" }.joined()
    }

    private static let opening = """
        -- Questions to the published copy. In the folder of published.db: duckdb -init published.sql
        -- Each new hour is a new file: DETACH w and ATTACH it again, or start anew. `latest_` views take seconds on the whole
        -- market; one hour given as a number is quicker. count(hour) counts rows of tables, count(*) those of views.
        INSTALL sqlite;
        LOAD sqlite;
        ATTACH 'published.db' AS w (TYPE sqlite, READ_ONLY);
        USE w;
        -- SQLite's strftime of seconds. Without it every column of a view with such a time is text.
        CREATE OR REPLACE TEMP MACRO strftime
            (form, instant) AS system.main.strftime(form, instant),
            (form, instant, unit) AS system.main.strftime(make_timestamp(CAST(floor(instant) AS BIGINT) * 1000000), form);

        """
}
