"""A day close on PostgreSQL: rows as plain columns, decided by the engine, written by COPY.

``services/days.py`` owns the close and its rules; here is the same work
without an object for every row. What is not plain (an enrolment whose rows or
decision raise) is handed back, to be closed the long way. ADR 24 has why.
"""
