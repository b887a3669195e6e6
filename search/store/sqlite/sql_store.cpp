#include "search/store/sqlite/sql_store.hpp"

#include <filesystem>

#include "search/store/sqlite/sql_rows.hpp"

namespace gensynth::store {
namespace {

std::string path_of(const std::string& url) {
  const std::string prefix = "sqlite3://";
  if (url.rfind(prefix, 0) == 0) return url.substr(prefix.size());
  if (const auto scheme = url.find("://"); scheme != std::string::npos) {
    throw Error("store '" + url + "': unknown kind '" + url.substr(0, scheme) + "'; expected sqlite3://FILE or a path");
  }
  return url;
}

}  // namespace

namespace sqlite {

std::optional<std::string> SqlStore::value(const std::string& name) const {
  return session_.guarded([&] { return read_value(session_.sql(), name); });
}

void SqlStore::set_values(const std::map<std::string, std::string>& values) {
  session_.transaction([&] {
    for (const auto& [name, content] : values) put_value(session_.sql(), name, content);
  });
}

std::vector<trial::Trial> SqlStore::rows(const std::string& condition) const {
  std::vector<trial::Trial> result;
  read_trials(session_.sql(), condition, session_.path(),
              [&](trial::Trial&& trial) { result.push_back(std::move(trial)); });
  return result;
}

}  // namespace sqlite

std::unique_ptr<Store> Store::create(const std::string& url) {
  const std::string path = path_of(url);
  if (std::filesystem::exists(path)) throw Error(path + ": a run exists here already (go on with it by --resume)");
  // Made under another name first: a database in place is complete, whenever this process is killed.
  const std::string unfinished = path + ".new";
  std::filesystem::remove(unfinished);
  std::filesystem::remove(unfinished + "-journal");
  (void)sqlite::SqlSession(unfinished, sqlite::SqlSession::Mode::create);
  std::filesystem::rename(unfinished, path);
  return std::make_unique<sqlite::SqlStore>(path, sqlite::SqlSession::Mode::write);
}

std::unique_ptr<Store> Store::open(const std::string& url, bool read_only) {
  const std::string path = path_of(url);
  if (!std::filesystem::is_regular_file(path)) throw Error(path + ": no run database here");
  return std::make_unique<sqlite::SqlStore>(
      path, read_only ? sqlite::SqlSession::Mode::read : sqlite::SqlSession::Mode::write);
}

}  // namespace gensynth::store
