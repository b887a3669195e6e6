include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Component "program": what users run. gensynth looks for the other programs beside itself, then in
# ../libexec/gensynth.
install(TARGETS gensynth RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(TARGETS gensynth-torch RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/gensynth COMPONENT program)
if(GENSYNTH_SIMULATION)
  install(TARGETS gensynth-benchmark RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/gensynth COMPONENT program)
  set_target_properties(gensynth-benchmark PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
endif()
set_target_properties(gensynth gensynth-torch PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
install(FILES LICENSE NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program
        FILES_MATCHING PATTERN "*.md" PATTERN "*.json")

install(DIRECTORY examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT program)

# The manual page and completions come from the declared options of the program itself, so that it must run here.
if(NOT CMAKE_CROSSCOMPILING)
  set(shell ${PROJECT_BINARY_DIR}/shell)
  add_custom_command(
    OUTPUT ${shell}/gensynth.1
    COMMAND ${CMAKE_COMMAND} -E make_directory ${shell}
    COMMAND $<TARGET_FILE:gensynth> man > ${shell}/gensynth.1
    COMMAND $<TARGET_FILE:gensynth> completion bash > ${shell}/gensynth.bash
    COMMAND $<TARGET_FILE:gensynth> completion zsh > ${shell}/_gensynth
    COMMAND $<TARGET_FILE:gensynth> completion fish > ${shell}/gensynth.fish
    DEPENDS gensynth
    COMMENT "Writing the manual page and completions")
  add_custom_target(gensynth_shell_files ALL DEPENDS ${shell}/gensynth.1)
  install(FILES ${shell}/gensynth.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
  install(FILES ${shell}/gensynth.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME gensynth
          COMPONENT program)
  install(FILES ${shell}/_gensynth DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT program)
  install(FILES ${shell}/gensynth.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
endif()

# Component "plugin": what constraint plugins are built with, find_package(gensynth) and gensynth::plugin.
install(FILES constraints/plugin/gensynth_plugin.h constraints/plugin/gensynth_plugin.hpp
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gensynth COMPONENT plugin)
install(TARGETS gensynth_plugin EXPORT gensynth)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/gensynth)
install(EXPORT gensynth FILE gensynth-targets.cmake NAMESPACE gensynth:: DESTINATION ${package_folder}
        COMPONENT plugin)
configure_package_config_file(cmake/gensynth-config.cmake.in ${PROJECT_BINARY_DIR}/package/gensynth-config.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/gensynth-config-version.cmake
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/package/gensynth-config.cmake
              ${PROJECT_BINARY_DIR}/package/gensynth-config-version.cmake
        DESTINATION ${package_folder} COMPONENT plugin)

# cpack -G DEB makes one Debian package of it all.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "gensynth maintainers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS nlohmann-json3-dev)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS nodejs)
include(CPack)
