#include "tests/structure/lists.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>

namespace gensynth::structure {

std::vector<std::pair<std::string, std::string>> read_list(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> entries;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with("#")) continue;
    const std::size_t space = line.find(' ');
    const std::size_t rest = space == std::string::npos ? space : line.find_first_not_of(' ', space);
    if (rest == std::string::npos) throw std::runtime_error("'" + line + "': expected a word and what it is about");
    std::pair<std::string, std::string> entry{line.substr(0, space), line.substr(rest)};
    if (std::find(entries.begin(), entries.end(), entry) != entries.end()) {
      throw std::runtime_error("'" + line + "' is listed twice");
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<std::string> untested(const std::vector<SourceFile>& files,
                                  const std::vector<std::pair<std::string, std::string>>& reasons) {
  std::set<std::string> paths;
  for (const SourceFile& file : files) paths.insert(file.path);
  std::set<std::string> without;
  for (const std::string& path : paths) {
    if (!path.ends_with(".cpp") || namespace_of(folder_of(path)).empty() || path.starts_with("tests/")) continue;
    if (!paths.contains("tests/" + path.substr(0, path.size() - 4) + "_test.cpp")) without.insert(path);
  }
  std::vector<std::string> complaints;
  for (const auto& [path, reason] : reasons) {
    std::istringstream words(reason);
    for (std::string word; words >> word;) {
      if (word.starts_with("tests/") && !paths.contains(word)) {
        complaints.push_back(path + " is said to be tested by " + word + ", which is not there");
      }
    }
    if (without.erase(path) > 0) continue;
    complaints.push_back(path + (paths.contains(path) ? " has a test of its name" : " is not there") +
                         ", or is listed twice: take it out of the list");
  }
  for (const std::string& path : without) complaints.push_back(path + " has no test of its name and no reason");
  return complaints;
}

std::vector<std::string> without_pending(const std::string& rule, const std::vector<std::string>& found,
                                         const std::vector<std::pair<std::string, std::string>>& pending) {
  std::set<std::string> left(found.begin(), found.end());
  std::vector<std::string> complaints;
  for (const auto& [name, subject] : pending) {
    if (name == rule && left.erase(subject) == 0) {
      complaints.push_back("pending: " + rule + " " + subject + " is mended, take it out of the list");
    }
  }
  complaints.insert(complaints.end(), left.begin(), left.end());
  return complaints;
}

}  // namespace gensynth::structure
