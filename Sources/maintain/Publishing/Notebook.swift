import Warehouse

/// A Jupyter notebook that asks the questions with pandas and Polars. It holds no output.
///
/// Source: https://nbformat.readthedocs.io/en/latest/format_description.html
enum Notebook {
    static var json: JSONTree {
        var cells = [
            cell("title", markdown: heading), cell("open", code: opening), cell("hour", code: hour),
        ]
        for question in ReaderQuestion.all {
            cells.append(cell("\(question.name)-title", markdown: "## \(question.title)"))
            cells.append(
                cell(
                    question.name,
                    code: "pandas_frame, polars_frame = ask(\"\"\"\n\(question.sql)\n\"\"\")\npandas_frame"))
        }
        return [
            "nbformat": 4, "nbformat_minor": 5, "cells": .list(cells),
            "metadata": [
                "kernelspec": ["name": "python3", "display_name": "Python 3", "language": "python"],
                "language_info": ["name": "python"],
            ],
        ]
    }

    private static let heading = """
        # Ten questions to the published copy

        Run it in the folder of `published.db`. Running the second cell again opens the newest copy. Missing is `NULL`, never zero.
        """

    private static let opening = """
        import json
        import sqlite3

        import pandas as pd
        import polars as pl

        con = sqlite3.connect("file:published.db?mode=ro", uri=True)


        def ask(question):
            \"\"\"The answer as pandas and as Polars read it. Without infer_schema_length=None, Polars judges by the first rows.\"\"\"
            return pd.read_sql(question, con), pl.read_database(question, con, infer_schema_length=None)
        """

    private static let hour = """
        with open("published.json") as file:
            published = json.load(file)
        published
        """

    private static func cell(_ id: String, markdown text: String) -> JSONTree {
        ["cell_type": "markdown", "id": .text(id), "metadata": [:], "source": .text(text)]
    }

    private static func cell(_ id: String, code text: String) -> JSONTree {
        [
            "cell_type": "code", "id": .text(id), "metadata": [:], "source": .text(text), "outputs": [],
            "execution_count": .null,
        ]
    }
}
