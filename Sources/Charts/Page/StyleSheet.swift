/// The style sheet of every page.
enum StyleSheet {
    /// Colors of the scheme that the reader's system asks for, and of the light one on paper.
    static let source = """
        :root{color-scheme:light dark;\(Palette.light.declarations)}
        @media (prefers-color-scheme:dark){:root{\(Palette.dark.declarations)}}
        @media print{:root{color-scheme:light;\(Palette.light.declarations)}}
        \(page)
        \(figures)
        \(drawings)
        \(series)
        \(steps)
        \(units)
        \(paper)
        """

    private static let page = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--background);color:var(--ink);font:15px/1.45 system-ui,sans-serif;\
        overflow-wrap:anywhere}
        a{color:var(--accent)}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        header{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:baseline;padding:10px 16px;\
        background:var(--surface);border-bottom:1px solid var(--grid)}
        .site{font-weight:700}
        nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:0;list-style:none}
        [aria-current]{color:var(--ink);font-weight:600;text-decoration:none;border-bottom:3px solid var(--accent)}
        .skip{position:absolute;left:-999px}
        .skip:focus{left:8px;top:8px;padding:6px 10px;background:var(--background)}
        main,footer{max-width:1440px;margin:0 auto;padding:0 16px}
        footer{color:var(--muted);border-top:1px solid var(--grid);margin-top:32px}
        h1{font-size:26px;line-height:1.2;margin:18px 0 4px}
        h2{font-size:20px;margin:30px 0 6px;padding-top:8px;border-top:2px solid var(--grid)}
        h3{font-size:16px;margin:0}
        p{margin:4px 0 10px;max-width:75ch}
        .notice{padding:8px 12px;max-width:none;background:var(--surface);border-left:4px solid var(--s2)}
        .key{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:10px;margin:12px 0}
        .key div{padding:8px 12px;background:var(--surface);border:1px solid var(--grid);border-radius:6px}
        dt{color:var(--muted);font-size:13px}
        dd{margin:0;font-size:18px;font-weight:600}
        dd.note{font-size:13px;font-weight:400;color:var(--muted)}
        .switch{display:flex;flex-wrap:wrap;gap:4px 16px;margin:12px 0;padding:6px 12px;border:1px solid var(--grid);\
        border-radius:6px}
        input{accent-color:var(--accent)}
        """

    private static let figures = """
        .figure{margin:16px 0 26px}
        .title{display:flex;gap:8px;align-items:baseline}
        .anchor{text-decoration:none;padding:0 4px}
        figure{margin:6px 0}
        figcaption,.origin{color:var(--muted);font-size:13px;max-width:none;margin:4px 0}
        figcaption strong{color:var(--ink)}
        .scroll{overflow:auto;max-width:100%}
        .scroll:has(>svg[data-left]){direction:rtl}svg[data-left]{direction:ltr;margin-right:auto}
        details{margin:4px 0}
        summary{cursor:pointer;color:var(--accent);font-size:14px;width:fit-content}
        details .scroll{max-height:70vh;margin-top:4px;border:1px solid var(--grid)}
        table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
        caption{text-align:start;padding:4px 8px;color:var(--muted)}
        th,td{padding:3px 8px;text-align:start;border-bottom:1px solid var(--grid);vertical-align:baseline;\
        max-width:42ch;min-width:5ch;unicode-bidi:isolate}
        td{text-align:end;white-space:nowrap}
        .t{text-align:start}
        .w{text-align:start;white-space:normal;overflow-wrap:break-word;min-width:22ch}
        thead th{overflow-wrap:break-word;position:sticky;top:0;background:var(--surface);vertical-align:bottom}
        th[scope=row]{font-weight:500;white-space:nowrap}
        th.w[scope=row]{white-space:normal}
        .n{text-align:end}
        .h{color:var(--muted);font-style:italic}
        .unit{display:inline-block;color:var(--muted);font-weight:400;fill:var(--muted)}
        pre{margin:0;padding:8px;font:12px/1.4 ui-monospace,monospace;background:var(--surface)}
        code{white-space:pre}
        th button{all:unset;cursor:pointer}
        th button:focus-visible{outline:3px solid var(--accent)}
        th[aria-sort=ascending] button::after{content:" ▲"}
        th[aria-sort=descending] button::after{content:" ▼"}
        .filter{display:block;font-size:13px;margin:6px 0}
        .filter input{font:inherit;padding:2px 6px;color:var(--ink);background:var(--background);\
        border:1px solid var(--muted);border-radius:4px}
        output{display:block;min-height:1.45em;font-size:13px;font-variant-numeric:tabular-nums}
        """

    private static let drawings = """
        .chart{display:block;width:100%;height:auto;min-width:680px;max-width:960px;background:var(--background)}
        .narrow{min-width:0;max-width:560px}
        .wide{min-width:900px;max-width:1120px}
        .vast{min-width:1280px;max-width:none}
        .spark{width:128px;height:32px;vertical-align:middle}
        svg text{font:12px system-ui,sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums;unicode-bidi:isolate}
        svg .q{fill:var(--muted)}
        svg .b{font-weight:600}
        svg .b .unit{font-weight:400}
        .again{display:none}
        svg .big{font-size:20px;font-weight:600}
        .e{text-anchor:end}
        .m,.m text{text-anchor:middle}
        .grid{fill:none;stroke:var(--grid);stroke-width:.7}
        .zero{stroke:var(--muted);stroke-width:1}
        .mark{stroke:var(--muted);stroke-width:1;stroke-dasharray:3 3}
        .hatch{fill:none;stroke:var(--hatch);stroke-width:1}
        .dots{fill:var(--hatch)}
        .hole{stroke:var(--hatch);stroke-width:.5}
        .part{fill-opacity:.35}
        .band{fill:var(--s2);fill-opacity:.25}
        .cell{stroke:none}
        .full{fill:var(--d2)}
        .minus{fill:var(--d1)}
        .plus{fill:var(--d7)}
        .less{fill:var(--muted)}
        .glyph{fill:var(--ink)}
        .cross,.pointer{fill:none;stroke:var(--ink);stroke-width:2}
        .over text,text.over{paint-order:stroke;stroke:var(--background);stroke-width:3px;stroke-linejoin:round}
        .cursor{stroke:var(--accent);stroke-width:1;pointer-events:none}
        """

    /// A color and a dash for each series.
    private static let series = zip(
        1...8, ["none", "7 3", "2 2", "9 3 2 3", "5 2", "12 4", "1 3", "9 3 2 3 2 3"]
    ).map { number, dash in
        """
        .l\(number){fill:none;stroke:var(--s\(number));stroke-width:1.7;stroke-linejoin:round;stroke-dasharray:\(dash)}
        .f\(number){fill:var(--s\(number))}
        .a\(number){fill:var(--s\(number));stroke:var(--background);stroke-width:.8}
        """
    }.joined(separator: "\n")

    private static let steps = (0..<9).map {
        ".c\($0) .cell{fill:var(--d\($0))}.c\($0) text{fill:var(--k\($0));text-anchor:middle;font-size:11px}"
    }.joined(separator: "\n")

    /// What is not in the chosen unit is hidden. A browser that cannot tell which one is chosen shows all three.
    private static let units: String = {
        let rules = FundingUnit.allCases.map { chosen in
            let others = FundingUnit.allCases.filter { $0 != chosen }.map { ".\($0.style)" }.joined(separator: ",")
            return "main:has(>.switch>label>.choose-\(chosen.style):checked) :is(\(others)){display:none}"
        }
        return """
            .u1,.u8,.uy{margin-inline-end:.4em}
            @supports selector(:has(*)){.u1,.u8,.uy{margin-inline-end:0}
            main:not(:has(>.switch)) :is(.u1,.uy){display:none}
            \(rules.joined(separator: "\n"))}
            """
    }()

    private static let paper = """
        @media screen and (max-width:712px){.again{display:inline}}
        @media (max-width:600px){body{font-size:14px}h1{font-size:22px}main,footer{padding:0 10px}\
        .key{grid-template-columns:repeat(auto-fill,minmax(130px,1fr))}}
        @media print{header,.anchor,.skip,.filter,output{display:none}body{font-size:11px}\
        .figure,figure,.key div{break-inside:avoid}h2,h3{break-after:avoid}\
        main{max-width:none;padding:0}.chart{min-width:0}.scroll{overflow:visible;max-height:none}\
        details:not([open]){display:none}thead th{position:static}\
        table{font-size:8.5px}th,td{padding:1px 3px}td,th[scope=row]{white-space:normal}.w{min-width:5ch}*{print-color-adjust:exact;\
        -webkit-print-color-adjust:exact}}
        """
}
