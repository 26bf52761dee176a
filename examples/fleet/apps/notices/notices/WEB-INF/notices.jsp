<%@page contentType="text/plain; charset=UTF-8" session="false" import="java.util.Properties"%><%
Properties settings = new Properties();
try (var file = application.getResourceAsStream("/WEB-INF/notices.properties")) {
  settings.load(file);
}
%>Notice: <%= settings.getProperty("notice") %> (<%= settings.getProperty("domain") %>)
