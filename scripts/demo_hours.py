"""Hours of a simulated day of the demo."""

OFFICE, JOB_1, BETWEEN, JOB_2, LATER, JOB_2_AGAIN = 7.0, 8.0, 8.5, 9.0, 10.5, 12.0
