#include "cli/list_table.hpp"

#include <algorithm>
#include <numeric>

#include "cli/columns.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowestColumn = 8;  // fewer columns tell nothing

using Widths = std::vector<std::size_t>;

// How much of each column is shown; 0: nothing.
Widths fit(const std::vector<ListColumn>& columns, const Widths& full, std::size_t room) {
   std::vector<std::size_t> by_worth(columns.size());
   std::iota(by_worth.begin(), by_worth.end(), std::size_t{0});
   std::ranges::stable_sort(by_worth, {}, [&](std::size_t i) { return columns[i].rank; });
   Widths widths(columns.size(), 0);
   std::size_t used = 0;
   for (const std::size_t i : by_worth) {
      const std::size_t least = columns[i].least == 0 ? full[i] : std::min(full[i], columns[i].least);
      const std::size_t gap = used == 0 ? 0 : kGap;
      if (columns[i].rank > 0 && used + gap + least > room) break;
      widths[i] = least;
      used += gap + least;
   }
   // What always stays is cut further where even that has no room.
   for (std::size_t i = columns.size(); i-- > 0 && used > room;) {
      if (columns[i].least == 0 || widths[i] <= kNarrowestColumn) continue;
      const std::size_t less = std::min(widths[i] - kNarrowestColumn, used - room);
      widths[i] -= less;
      used -= less;
   }
   for (const std::size_t i : by_worth) {
      if (widths[i] == 0 || used >= room) continue;
      const std::size_t more = std::min(full[i] - widths[i], room - used);
      widths[i] += more;
      used += more;
   }
   return widths;
}

}  // namespace

std::string list_table(const std::vector<ListColumn>& columns_of_list, const std::vector<std::vector<Cell>>& rows,
                       bool wide, const Style& style) {
   Widths full;
   for (const ListColumn& column : columns_of_list) full.push_back(columns(column.head));
   for (const auto& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i) full[i] = std::max(full[i], columns(row[i].text));
   }
   const Widths widths = wide ? full : fit(columns_of_list, full, style.terminal);
   std::string text;
   const auto line = [&](const std::vector<Cell>& cells) {
      std::size_t missing = 0;  // blanks before the next text: none stand at a line's end
      for (std::size_t i = 0; i < cells.size(); ++i) {
         if (widths[i] == 0) continue;
         const std::string shown = cut(cells[i].text, widths[i], style);
         if (!shown.empty()) {
            text.append(missing, ' ');
            text += style.paint(shown, cells[i].tone);
            missing = 0;
         }
         missing += widths[i] - columns(shown) + kGap;
      }
      text += '\n';
   };
   std::vector<Cell> heads;
   for (const ListColumn& column : columns_of_list) heads.push_back({column.head, Tone::strong});
   line(heads);
   for (const auto& row : rows) line(row);
   return text;
}

}  // namespace msp::console
