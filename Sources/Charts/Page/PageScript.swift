/// The script of every page: it sorts tables, filters their rows and reads out a chart under the pointer. Without it a page says
/// the same.
///
/// It is written without `<` and `&`, so that a page is well-formed XML, and sets text only as text.
enum PageScript {
    static let source = #"""
        (function () {
        "use strict";
        var all = function (parent, query) { return Array.from(parent.querySelectorAll(query)); };
        var make = function (name, text) {
          var element = document.createElement(name);
          element.textContent = text;
          return element;
        };
        var chosen = function () {
          var input = document.querySelector(".switch input:checked");
          return input ? input.value : "u8";
        };
        var shown = function (cell) {
          var part = cell.querySelector("." + chosen());
          return (part || cell).textContent.trim();
        };

        var value = function (column, row) {
          return column.values ? column.values[row] : row;
        };
        var compare = function (left, right, down) {
          var unknown = function (each) { return each === null || each === undefined; };
          if (unknown(left) || unknown(right)) { return Number(unknown(left)) - Number(unknown(right)); }
          var order = typeof left === "number" ? left - right : String(left).localeCompare(String(right), "en");
          return down ? -order : order;
        };
        var sortable = function (table, rows, columns) {
          all(table, "thead th").forEach(function (head, index) {
            var button = make("button", "");
            button.type = "button";
            while (head.firstChild) { button.appendChild(head.firstChild); }
            head.appendChild(button);
            button.addEventListener("click", function () {
              var down = head.getAttribute("aria-sort") === "ascending";
              all(table, "thead th").forEach(function (each) { each.removeAttribute("aria-sort"); });
              head.setAttribute("aria-sort", down ? "descending" : "ascending");
              rows.map(function (row, number) { return number; }).sort(function (left, right) {
                return compare(value(columns[index], left), value(columns[index], right), down) || left - right;
              }).forEach(function (number) { table.tBodies[0].appendChild(rows[number]); });
            });
          });
        };
        var filterable = function (table, rows) {
          if (12 > rows.length) { return; }
          var label = make("label", "Filter rows ");
          label.className = "filter";
          var input = make("input", "");
          input.type = "search";
          label.appendChild(input);
          input.addEventListener("input", function () {
            var wanted = input.value.trim().toLowerCase();
            rows.forEach(function (row) { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
          });
          table.parentNode.before(label);
        };

        var readable = function (svg, rows, titles) {
          var place = svg.closest(".scroll");
          var output = make("output", "");
          output.setAttribute("aria-live", "off");
          place.after(output);
          var edge = function (name) { return Number(svg.getAttribute("data-" + name)); };
          var left = edge("left"), right = edge("right");
          var line = document.createElementNS("http://www.w3.org/2000/svg", "line");
          line.setAttribute("class", "cursor");
          line.setAttribute("y1", edge("top"));
          line.setAttribute("y2", edge("bottom"));
          var index = rows.length;
          var show = function (next) {
            index = Math.max(0, Math.min(rows.length - 1, next));
            var x = left + (right - left) * (index + 0.5) / rows.length;
            line.setAttribute("x1", x);
            line.setAttribute("x2", x);
            svg.appendChild(line);
            output.textContent = Array.from(rows[index].cells).map(function (cell, number) {
              return number === 0 ? shown(cell) : titles[number] + " " + shown(cell);
            }).join(" · ");
          };
          svg.addEventListener("pointermove", function (event) {
            var box = svg.getBoundingClientRect();
            var x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
            if (x >= left) { if (right >= x) { show(Math.floor((x - left) / (right - left) * rows.length)); } }
          });
          place.addEventListener("keydown", function (event) {
            var step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
            // Where the chart is wider than its place, these keys scroll.
            if (place.scrollWidth > place.clientWidth) { return; }
            if (step) {
              event.preventDefault();
              show(index + step);
            }
          });
        };

        all(document, ".figure").forEach(function (figure) {
          var source = figure.querySelector('script[type="application/json"]');
          var tables = source ? JSON.parse(source.textContent).tables : [];
          all(figure, "table").forEach(function (table, number) {
            var rows = Array.from(table.tBodies[0].rows);
            var columns = tables[number].columns;
            var titles = all(table, "thead th").map(function (head) { return head.textContent; });
            var svg = number === 0 ? figure.querySelector("svg[data-left]") : null;
            if (svg) { if (rows.length) { readable(svg, rows, titles); } }
            sortable(table, rows, columns);
            filterable(table, rows);
          });
        });
        })();
        """#
}
