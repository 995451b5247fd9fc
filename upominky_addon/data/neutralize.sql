-- A copy of the database reminds nobody.
UPDATE res_company SET upominky_mode = 'off';
